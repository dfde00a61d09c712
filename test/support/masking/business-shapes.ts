/** One value of a row: where it stands, by name or place in a list, and its kind. */
export interface Field {
  readonly path: readonly (string | number)[]
  readonly kind: string
}

export interface Table {
  readonly name: string
  /** How often it is asked for, against the others. */
  readonly share: number
  readonly fields: readonly Field[]
  /** Whether nobody writes such rows but as JSON: a name says only in its object what it means. */
  readonly isJson: boolean
}

/**
 * Rows as servers of databases, trackers, builds, shops, monitoring and clouds return them: a name, a share, and keys with
 * the kinds of their values. `a.b` is a part of the row with names of its own, `a[2]` a list of two. `name{}`: JSON alone.
 */
const ROWS = `
orders 8: id=long_serial order_number status=enum total=price currency item_count=quantity created_at=iso_time updated_at=epoch_ms warehouse=service channel=enum
order_lines 6: order_id=serial_id line=small_number sku ean=ean_13 title=product_text qty=quantity unit_price=price discount=percent weight
products 5: id=uuid sku barcode=ean_13 gtin=gtin_14 upc name=product_text price_cents=cents stock=quantity rating dims=dimensions active=bool hs_code=customs_code
books 1: isbn=isbn_13 isbn10=isbn_10 isbn_print=isbn_13_dashes title=product_text pages=quantity year price=price_text
articles 3: nr=ean_13_number article=ean_13 code=gtin_14 label=product_text lot part=part_number asin ean8=ean_8 available=bool_text
shipments 3: shipment_id=ulid carrier=enum tracking_number=tracking_ups parcel=tracking_fedex code=tracking_usps ref=tracking_post dhl=tracking_dhl container=container_number eta=iso_date weight lat=latitude lng=longitude
invoices 3: invoice_number order=order_number amount=price_text amount_cents=cents due=local_date paid=bool issued_at=epoch_s pdf=url
devices 2: serial=serial_number imei=imei_like model=part_number firmware=version_four last_seen=epoch_ms battery=percent build=version_like_ip uptime_ns=epoch_ns
issues 7: key=issue_key id=long_serial node_id title body=support_text state=enum priority team created_at=iso_time comments=small_number labels[2]=enum
comments 4: id=crm_id issue=issue_key body=comment created=epoch_ms edited=bool
commits 5: sha=git_sha parent=git_sha message=commit_message committed_at=iso_offset branch files=small_number tree=git_short
builds 5: id=long_serial run=numbered commit=git_sha version=semver status=enum started=epoch_s duration=duration_text image digest log_url=url
releases 2: tag=semver sha=git_short date=iso_date notes=markdown assets[2].name=path assets[2].size=byte_count assets[2].sha256=content_hash
packages 3: name=service version=semver range=version_range integrity license=license_text size=byte_text deps=small_number
logs 6: ts=epoch_ns level service msg=log_line trace_id=hex_32 span_id=hex_16
lines 4: n=serial_id text=log_line
spans 3.2: traceId=hex_32 spanId=hex_16 start=epoch_us durationNs=duration_ns name=service status=http_status tp=traceparent
traces 1: start=epoch_ns duration=duration_ns service dd.trace_id=decimal_u64 dd.span_id=decimal_u64 status=http_status
metrics 7: metric=service t=epoch_s v=metric avg=metric_small delta=metric_signed max=metric count=counter host
series 5: name=service points[8].t=epoch_ms points[8].v=metric
alerts 2: id=ksuid rule=title severity=priority fired_at=iso_micro value=metric threshold=small_number schedule=cron tz=timezone
errors 2: event=hex_32 message=title stack=stack_trace release=git_sha seen=counter last=http_date browser
files 5: path size=byte_count mtime=epoch_float mode=small_number etag sha256=content_hash mime modified=http_date
objects 2: key=path_dated etag size=byte_count version=nanoid modified=iso_time class=enum
pictures 0.4: name=path mime width=quantity height=quantity data=base64_image thumb=data_uri
messages 5: id=snowflake_discord channel_id=snowflake_discord ts=message_ts channel=channel_id text=comment reactions=small_number pinned=bool
posts 3: id=snowflake_twitter media=snowflake_instagram text=title likes=counter lang=country posted=iso_time
campaigns 0.9: id=decimal_16 name=title objective=enum spend=price clicks=counter start=compact_date adset=decimal_17 account=decimal_15
payments_log 0.9: order_id=decimal_16 reference=decimal_16 amount=cents at=compact_time result=enum terminal=numbered
crm 3: id=crm_id deal=title stage=enum amount=price owner_team=team probability=percent close=week modstamp=epoch_ms_text
accounts 3: id=uuid_v7 plan=enum email_verified=bool has_password=bool phone_required=bool address_count=small_number token_count=counter max_tokens=serial_id password_changed_at=iso_time card_type=enum seats=quantity
cloud 4: id=cloud_resource arn region project=project_number azure=azure_path state=enum launched=iso_time port host
pods 3: name=pod image restarts=small_number cpu=metric_small memory=byte_text started=iso_time container=content_hash
columns 2: table=service column=field_name type=sql_type nullable=bool_text rows=counter size=byte_count
queries 2: queryid=counter query=sql calls=counter mean_time=metric total=duration_ms plan=search_id
code_search 3: path line=small_number code=source_code score=metric repo=service
configs 1.5: path revision=git_short content=config updated=epoch_s
tickets 4: ticket=long_serial subject=title text=support_text status=enum tags[2]=enum first_reply=duration_ms closed=sql_time satisfaction=rating
places 2: id=geohash store=service latitude longitude position=place opened=local_date area=metric country
documents 2: _id=search_id _version=small_number oid=object_id body=markdown embedding checksum=base64_short read=bool
subscriptions 2: id=object_name cuid price=object_name amount=cents interval=enum created=epoch_s trial_end=nothing etag
securities 1: isin lei close=price volume=counter change=metric_signed day=iso_date
pages 2: url=url_query asset=url_asset views=counter bounce=percent seconds=metric color win=path_windows
jobs 3: job=numbered cron last=epoch_ms took=duration_iso output=csv_line code=short_code ok=bool_text
endpoints{} 0.6: addresses[2].ip=version_like_ip addresses[2].nodeName=node_name addresses[2].targetRef.kind=object_kind addresses[2].targetRef.name=pod addresses[2].targetRef.uid=uuid ports[1].name=service ports[1].port=port
nodes{} 0.6: metadata.name=node_name status.addresses[2].type=address_type status.addresses[2].address=node_name status.capacity.pods=small_number
pod_specs{} 0.6: name=pod spec.nodeName=node_name spec.automountServiceAccountToken=bool volumes[1].secret.secretName=service volumes[1].secret.defaultMode=quantity volumes[1].secret.optional=bool sources[1].serviceAccountToken.expirationSeconds=counter sources[1].serviceAccountToken.path=path
sockets{} 0.6: address.address=version_like_ip address.family=ip_family address.port=port peer.address.host=host peer.address.port=port
listeners{} 0.6: name=service address.socket_address.protocol=ip_protocol address.socket_address.address=service address.socket_address.port_value=port
coins{} 0.6: token.symbol=ticker token.name=product_text token.decimals=small_number token.holders=counter token.price=price
completions{} 0.6: model=semver logprobs.tokens[6]=word_piece logprobs.token_logprobs[6]=metric_signed content[4].token=word_piece content[4].logprob=metric_signed
analyses{} 0.3: tokens[3].token=word_piece tokens[3].start_offset=quantity tokens[3].end_offset=quantity tokens[3].position=small_number
access_rules{} 0.6: password.min_length=small_number password.max_age_days=quantity password.require_digits=bool password.history=small_number pin.max_attempts=small_number token.ttl=counter token.enabled=bool api_token=bool
screens{} 0.6: mobile.width=quantity mobile.height=quantity mobile.dpi=quantity mobile.os=semver passport.version=long_serial passport.build=long_serial
logfiles 0.5: path content=log_page
sources 0.5: path content=script blob=git_sha
`

export const TABLES: readonly Table[] = ROWS.trim()
  .split('\n')
  .map((line) => {
    const [head = '', rest = ''] = line.split(': ')
    const [written = '', share] = head.split(' ')
    const name = written.replace('{}', '')
    return { name, share: Number(share), fields: rest.split(' ').flatMap(fieldsOf), isJson: name !== written }
  })

function fieldsOf(text: string): Field[] {
  const [written = '', kind = written] = text.split('=')
  const list = /^(.*)\[(\d+)\](.*)$/.exec(written)
  if (list === null) return [{ path: written.split('.'), kind }]
  const [, before = '', count, after = ''] = list
  return Array.from({ length: Number(count) }, (_, i) => ({
    path: [before, i, ...after.split('.').filter((part) => part !== '')],
    kind,
  }))
}
